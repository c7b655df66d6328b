# SPDX-License-Identifier: Apache-2.0
"""A fault script says what goes wrong, where and how often, and one that makes no sense is refused whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import SimulatedDevice
from hardware.errors import InputOutputFailure
from hardware.simulated.fault_record import FaultRecord
from hardware.simulated.faults import Fault, FaultKind, FaultScriptInvalid, read_faults

JAM = Fault(FaultKind.JAM, page=7, line="40%")


def test_a_script_is_read_from_yaml(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text(
        """
        faults:
          - {fault: jam, at: {page: 7, line: 40%}}
          - {fault: hang, at: {page: 2, line: 120, item: letter}, seconds: 1.5}
          - {fault: busy, at: {page: 3}, times: 5}
          - {fault: slow, times: always}
          - {fault: disconnect, new_id: true}
        """
    )
    assert read_faults(script) == (
        JAM,
        Fault(FaultKind.HANG, page=2, line=120, item="letter", seconds=1.5),
        Fault(FaultKind.BUSY, page=3, times=5),
        Fault(FaultKind.SLOW, times=None),
        Fault(FaultKind.DISCONNECT, new_id=True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("faults: [{fault: jamm}]", "fault 1: there is no fault 'jamm'; did you mean jam?"),
        ("faults: [{fault: jam, at: {pge: 7}}]", "no key 'pge'; did you mean page?"),
        ("faults: [{fault: jam, att: {page: 7}}]", "no key 'att'; did you mean at?"),
        ("faults: [{fault: jam, at: 7}]", "at needs keys"),
        ("faults: [{at: {page: 7}}]", "needs the key fault"),
        ("faults: [jam]", "needs the key fault"),
        ("faults: [{fault: [jam]}]", "there is no fault"),
        ("faults: [{fault: jam, at: {page: seven}}]", "page is a number from 0, not 'seven'"),
        ("faults: [{fault: jam, at: {line: 140%}}]", "not '140%'"),
        ("faults: [{fault: jam, at: {line: half%}}]", "not 'half%'"),
        ("faults: [{fault: jam, at: {line: -1}}]", "not -1"),
        ("faults: [{fault: jam, at: {line: '40'}}]", "not '40'"),
        ("faults: [{fault: jam, times: 0}]", "times is a number from 1, or always"),
        ("faults: [{fault: jam, times: }]", "times is a number from 1, or always"),
        ("faults: [{fault: jam, times: often}]", "not 'often'"),
        ("faults: [{fault: hang, seconds: long}]", "seconds is a number"),
        ("faults: [{fault: jam, seconds: 3}]", "seconds has no meaning for jam"),
        ("faults: [{fault: jam, new_id: true}]", "new_id has no meaning for jam"),
        ("faults: [{fault: extra_bytes, extra: 0}]", "extra is a number of bytes"),
        ("faults: [{fault: hang, seconds: .inf}]", "seconds is a number"),
        ("faults: [{fault: hang, seconds: .nan}]", "seconds is a number"),
        ("faults: [{fault: status}]", "status is one of UNSUPPORTED, CANCELLED,"),
        ("faults: [{fault: status, status: GOOD}]", "not 'GOOD'"),
        ("faults: [{fault: status, status: JAMED}]", "not 'JAMED'; did you mean JAMMED?"),
        ("faults: [{fault: status, status: 6}]", "not 6"),
        ("faults: [{fault: status, status: [JAMMED]}]", "not ['JAMMED']"),
        ("faults: [{fault: jam, status: JAMMED}]", "status has no meaning for jam"),
        ("faults: [{fault: stale_jam, seconds: 3}]", "seconds has no meaning for stale_jam"),
        ("faults: [{fault: flatbed_never_empty, at: {line: 3}}]", "flatbed_never_empty has no line"),
        ("faults: [{fault: prefetch_dropped_on_cancel, at: {line: 3}}]", "has no line"),
        ("faults: [{fault: busy, at: {line: 3}}]", "busy has no line"),
        ("faults: {fault: jam}", "a list of faults"),
        ("[{fault: jam}]", "needs one key, faults"),
        ("{faults: [], more: 1}", "needs one key, faults"),
        ("faults: [", "cannot be read"),
        ("faults: " + "[" * 3000, "cannot be read"),
        ("", "needs one key, faults"),
    ],
)
def test_a_script_that_makes_no_sense_is_refused_with_the_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text(text)
    with pytest.raises(FaultScriptInvalid, match=r"faults\.yaml") as caught:
        read_faults(script)
    assert said in str(caught.value)


def test_all_problems_of_a_script_are_named_at_once(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text("faults: [{fault: jamm}, {fault: jam}, {fault: hang, seconds: -1, times: -2}]")
    with pytest.raises(FaultScriptInvalid) as caught:
        read_faults(script)
    for part in ("fault 1: ", "fault 3: ", "seconds is", "times is"):
        assert part in str(caught.value)
    assert "fault 2" not in str(caught.value)


def test_all_problems_of_one_fault_are_named_at_once(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text(
        "faults: [{fault: busy, sekonds: 3, extra: 5, times: , at: {pge: 3, page: x, line: 2}, new_id: perhaps}]"
    )
    with pytest.raises(FaultScriptInvalid) as caught:
        read_faults(script)
    for part in (
        "no key 'sekonds'; did you mean seconds?",
        "no key 'pge'",
        "page is a number",
        "busy has no line",
        "extra has no meaning",
        "times is a number",
        "new_id is true or false",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize("name", ["JAMMED", "jammed", "SANE_STATUS_JAMMED"])
def test_a_status_may_be_written_as_headers_and_people_write_it(tmp_path: Path, name: str) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text(f"faults: [{{fault: status, status: {name}, at: {{line: 3}}, times: 4}}]")
    assert read_faults(script) == (Fault(FaultKind.STATUS, status="JAMMED", line=3, times=4),)


def test_a_missing_or_unreadable_script_is_said(tmp_path: Path) -> None:
    with pytest.raises(FaultScriptInvalid, match=r"absent\.yaml cannot be read"):
        read_faults(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"faults: [{fault: \xe4}]")
    with pytest.raises(FaultScriptInvalid, match="cannot be read"):
        read_faults(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("line", "row"), [(None, 0), (0, 0), (40, 40), (5000, 199), ("0%", 0), ("40%", 80), ("100%", 199)]
)
def test_a_place_is_a_row_of_the_page(line: int | str | None, row: int) -> None:
    assert Fault(FaultKind.JAM, line=line).row(200) == row


def test_an_early_end_is_in_the_middle_when_the_script_does_not_say() -> None:
    assert Fault(FaultKind.EARLY_EOF).row(200) == 100


# The device and its record


def test_a_device_with_faults_survives_json(tmp_path: Path) -> None:
    device = SimulatedDevice(
        "a", faults=(JAM, Fault(FaultKind.SLOW, times=None)), fault_record=tmp_path / "r"
    )
    assert SimulatedDevice.from_json(json.loads(json.dumps(device.to_json()))) == device


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"faults": (JAM,)}, "needs a fault_record"),
        ({"faults": (Fault(FaultKind.DISCONNECT, times=None, new_id=True),)}, "needs a fault_record"),
        ({"faults": (JAM, JAM), "fault_record": Path("r")}, "stands there twice"),
    ],
)
def test_faults_that_could_not_be_counted_are_refused(facts: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SimulatedDevice("a", **facts)


def test_faults_that_always_come_need_no_record() -> None:
    assert SimulatedDevice("a", faults=(Fault(FaultKind.JAM, times=None),)).fault_record is None


def test_the_record_counts_each_fault_by_itself_and_outlives_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "state" / "record.json"
    other = Fault(FaultKind.JAM, page=8)
    for _ in range(3):
        FaultRecord(path).note(JAM)
    FaultRecord(path).note(other)
    FaultRecord(path).note_replugged()
    record = FaultRecord(path)
    assert (record.times(JAM), record.times(other), record.replugged) == (3, 1, 1)


@pytest.mark.parametrize("rubbish", [b"{", b"[1]", b'{"a": "b"}', b"\xff\xfe"])
def test_a_record_that_is_rubbish_is_said_with_its_path(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(rubbish)
    with pytest.raises(InputOutputFailure, match=r"record\.json") as caught:
        FaultRecord(path).times(JAM)
    assert "Remove the file" in caught.value.remedy
    assert path.read_bytes() == rubbish


def test_a_device_that_came_back_has_another_name_and_the_same_serial_number(tmp_path: Path) -> None:
    device = SimulatedDevice("film-7", fault_record=tmp_path / "record")
    assert device.as_it_answers() == device
    FaultRecord(device.fault_record).note_replugged()
    again = device.as_it_answers()
    assert (again.id, again.serial) == ("simulated:film-7-2", device.serial)
    FaultRecord(device.fault_record).note_replugged()
    assert device.as_it_answers() == again.as_it_answers()
    assert again.as_it_answers().id == "simulated:film-7-3"
