# SPDX-License-Identifier: Apache-2.0
"""The settings screen: found by searching, saved at once, refused at its place, locked where a variable decides."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.desktop.preferences.connection_block import ConnectionTest
from app.desktop.preferences.devices_block import SimulatedBlock
from app.desktop.preferences.editors import make_editor
from app.desktop.preferences.field import Kind, setting_fields
from app.desktop.preferences.pages import PageId
from app.desktop.preferences.saving import SettingsSaving
from app.desktop.preferences.screen import SettingsScreen
from app.desktop.preferences.setting_row import SettingRow
from app.desktop.preferences.targets_block import TargetBlock, TargetsBlock
from app.desktop.preferences.titles import TITLES
from app.desktop.workplace import Workplace
from tests.memory_keyring import MemoryKeyring, memory_keyring
from workers.settings import settings_file
from workers.settings_file import SetValue


@pytest.fixture(autouse=True)
def private_keyring() -> Iterator[MemoryKeyring]:
    with memory_keyring() as memory:
        yield memory


@pytest.fixture
def screen(qtbot: QtBot, workplace: Workplace) -> Iterator[SettingsScreen]:
    made = SettingsScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1180, 680)
    made.show()
    yield made
    qtbot.waitUntil(lambda: not workplace.operations.running)


def row_of(screen: SettingsScreen, name: str) -> SettingRow:
    for view in screen.pages.values():
        view.fill()
    return next(row for row in screen.findChildren(SettingRow) if row.field.name == name)


def file_says() -> dict[str, Any]:
    return tomllib.loads(settings_file().read_text())


def shown_rows(screen: SettingsScreen) -> set[str]:
    return {row.field.name for row in screen.findChildren(SettingRow) if row.isVisible()}


def wait(qtbot: QtBot, workplace: Workplace) -> None:
    qtbot.waitUntil(lambda: not workplace.operations.running)


def write_line(row: SettingRow, text: str) -> None:
    line = row.editor.findChild(QLineEdit)
    assert line is not None
    line.setText(text)
    line.editingFinished.emit()


def test_every_setting_is_on_the_screen_and_has_a_name_of_its_own(screen: SettingsScreen) -> None:
    row_of(screen, "station")
    shown = {row.field.name for row in screen.findChildren(SettingRow)}
    wanted = {field.name for field in setting_fields() if field.kind is not Kind.OTHER}
    assert wanted <= shown
    assert wanted <= set(TITLES)
    assert set(TITLES) <= wanted


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dead worker", {"ledger.lease_seconds"}),
        ("items_in_flight", {"ledger.items_in_flight"}),
        ("chord results", {"result_url"}),
        ("longest search", {"devices.discovery_seconds", "devices.backend_seconds"}),
        ("tesseract's --psm", {"ocr.page_segmentation"}),
        ("nothing has this", set()),
    ],
)
def test_a_search_looks_at_names_meanings_and_keys(
    screen: SettingsScreen, words: str, found: set[str]
) -> None:
    screen.search.setText(words)
    assert shown_rows(screen) == found
    assert screen.nothing.isVisible() == (not found)


def test_a_search_for_a_page_shows_all_of_it_and_leaving_it_shows_the_chosen_page(
    screen: SettingsScreen,
) -> None:
    screen.open_page(PageId.OCR)
    screen.search.setText("work queue")
    assert {"broker_url", "ledger.chunk_pages", "workers.io_threads"} <= shown_rows(screen)
    screen.search.clear()
    assert {name.partition(".")[0] for name in shown_rows(screen)} == {"ocr", "enrichment"}


def test_a_change_is_saved_at_once_and_only_it(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    before = file_says()
    row = row_of(screen, "ledger.max_attempts")
    number = row.editor.findChild(QSpinBox)
    assert number is not None
    with qtbot.waitSignal(workplace.settings_changed):
        number.setValue(7)
    assert file_says() == before | {"ledger": {"max_attempts": 7}}
    assert workplace.settings.ledger.max_attempts == 7
    wait(qtbot, workplace)
    assert row.state.word == "Saved"
    with qtbot.waitSignal(workplace.settings_changed):
        row.reset.click()
    assert file_says() == before | {"ledger": {}}
    assert number.value() == 4


def test_looking_at_a_value_writes_nothing(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    text = settings_file().read_text()
    for row in [row_of(screen, name) for name in ("station", "broker_url", "data_directory")]:
        line = row.editor.findChild(QLineEdit)
        assert line is not None
        line.editingFinished.emit()
    assert "Save settings" not in [operation.title for operation in workplace.operations.running]
    assert settings_file().read_text() == text


def test_a_number_that_is_finer_than_its_control_stays_exact(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    fine = settings_file().read_text() + "[ledger]\nreconcile_seconds = 0.25\n[bag]\npart_bytes = 20000000\n"
    settings_file().write_text(fine)
    screen.entered({})
    qtbot.waitUntil(lambda: workplace.settings.bag.part_bytes == 20_000_000)
    for name in ("ledger.reconcile_seconds", "bag.part_bytes"):
        number = row_of(screen, name).editor.findChild(QAbstractSpinBox)
        assert number is not None
        number.editingFinished.emit()
    wait(qtbot, workplace)
    assert settings_file().read_text() == fine


def test_what_is_being_typed_stays_when_another_setting_is_saved(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    line = row_of(screen, "operator").editor.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    line.clear()
    qtbot.keyClicks(line, "A. Not")
    with qtbot.waitSignal(workplace.settings_changed):
        SettingsSaving.of(workplace).save(SetValue(("ledger", "max_attempts"), 7))
    qtbot.keyClicks(line, "her")
    assert line.text() == "A. Nother"
    with qtbot.waitSignal(workplace.settings_changed):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert workplace.settings.operator == "A. Nother"


def test_what_was_typed_last_is_saved_when_the_window_closes(
    screen: SettingsScreen, workplace: Workplace
) -> None:
    number = row_of(screen, "ledger.max_attempts").editor.findChild(QSpinBox)
    assert number is not None
    number.lineEdit().setText("9")
    for name in ("operator", "ocr.language"):
        line = row_of(screen, name).editor.findChild(QLineEdit)
        assert line is not None
        line.setText("deu")
    # as the window does it
    screen.left()
    screen.shut_down()
    workplace.shut_down()
    said = file_says()
    assert (said["operator"], said["ocr"]["language"], said["ledger"]["max_attempts"]) == ("deu", "deu", 9)


def test_what_is_refused_is_told_at_its_place_and_stays_to_be_mended(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    text = settings_file().read_text()
    row = row_of(screen, "station")
    write_line(row, "two words")
    qtbot.waitUntil(lambda: bool(row.problem.text()))
    assert row.problem.text().startswith("Only letters, digits, - and _ can stand here. It was not saved")
    assert settings_file().read_text() == text
    line = row.editor.findChild(QLineEdit)
    assert line is not None
    assert line.text() == "two words"
    write_line(row, "reading-room")
    assert not row.problem.text()
    write_line(row, "two words")
    qtbot.waitUntil(lambda: bool(row.problem.text()))
    write_line(row, "cellar")
    wait(qtbot, workplace)
    assert not row.problem.text()
    assert file_says()["station"] == "cellar"


def test_what_was_refused_for_a_damaged_file_is_saved_once_the_file_is_mended(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    text = settings_file().read_text()
    settings_file().write_text("station = [")
    line, number = row_of(screen, "operator"), row_of(screen, "ledger.max_attempts")
    write_line(line, "A. Nother")
    control = number.editor.findChild(QSpinBox)
    assert control is not None
    control.setValue(7)
    wait(qtbot, workplace)
    assert line.problem.text()
    assert number.problem.text()
    settings_file().write_text(text)
    for row in (line, number):
        row.editor.finish()
    wait(qtbot, workplace)
    assert not line.problem.text()
    assert (file_says()["operator"], file_says()["ledger"]["max_attempts"]) == ("A. Nother", 7)


def test_only_what_waits_for_a_restart_says_so(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    station, operator = row_of(screen, "station"), row_of(screen, "operator")
    write_line(station, "cellar")
    write_line(operator, "A. Nother")
    wait(qtbot, workplace)
    assert not station.restart.isHidden()
    assert operator.restart.isHidden()
    assert (workplace.settings.station, workplace.settings.operator) == ("reading-room", "A. Nother")
    write_line(station, "reading-room")
    wait(qtbot, workplace)
    assert station.restart.isHidden()


def test_a_variable_locks_its_setting(
    qtbot: QtBot, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_OCR__LANGUAGE", "fra")
    screen = SettingsScreen(workplace)
    qtbot.addWidget(screen)
    row = row_of(screen, "ocr.language")
    assert not row.editor.isEnabled()
    assert "RECTO_OCR__LANGUAGE" in row.state.word
    assert row_of(screen, "ocr.timeout_seconds").editor.isEnabled()


def test_the_folder_of_batches_stays_while_there_are_batches(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace, tmp_path: Path
) -> None:
    (workplace.settings.batches / "one").mkdir(parents=True)
    row = row_of(screen, "data_directory")
    write_line(row, str(tmp_path / "new"))
    qtbot.waitUntil(lambda: bool(row.problem.text()))
    assert "move the whole folder" in row.problem.text()
    assert "data_directory" not in file_says()


def test_a_password_in_an_address_goes_into_the_keyring_and_never_into_the_file(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace, private_keyring: MemoryKeyring
) -> None:
    row = row_of(screen, "broker_url")
    write_line(row, "redis://:pa55@broker:6379/0")
    wait(qtbot, workplace)
    assert "pa55" not in settings_file().read_text()
    assert file_says()["broker_url"] == "redis://broker:6379/0"
    assert file_says()["passwords_in_keyring"] == ["broker"]
    assert list(private_keyring.kept.values()) == ["pa55"]
    write_line(row, "")
    wait(qtbot, workplace)
    assert not {"broker_url", "passwords_in_keyring"} & set(file_says())


@pytest.mark.parametrize(
    "address",
    [
        "redis://:pa55/word@broker:6379/0",
        "redis://:pa55#word@broker",
        "amqp://u:p@one//;amqp://u:pa55@two//",
        "postgresql://u@host/records?password=pa55",
        "redis://:pa55@[::1",
    ],
)
def test_a_password_that_cannot_be_taken_out_of_an_address_is_not_saved(
    screen: SettingsScreen, private_keyring: MemoryKeyring, address: str
) -> None:
    text = settings_file().read_text()
    row = row_of(screen, "database_url")
    write_line(row, address)
    assert "pa55" not in row.problem.text()
    assert row.problem.text()
    assert settings_file().read_text() == text
    assert not private_keyring.kept


def test_no_key_gets_into_the_file_in_the_address_of_a_storage_target(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    screen.open_page(PageId.STORAGE)
    new = screen.pages[PageId.STORAGE].findChild(TargetsBlock).new
    new.name.setText("vault")
    new.url.setText("s3://AKIA:pa55word@bucket")
    new.add.click()
    wait(qtbot, workplace)
    assert "pa55word" not in settings_file().read_text()
    assert "fields of its own" in new.problem.text()


def test_what_could_not_be_saved_leaves_the_keyring_as_it_was(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace, private_keyring: MemoryKeyring
) -> None:
    row = row_of(screen, "broker_url")
    write_line(row, "redis://:earlier@broker:6379/0")
    wait(qtbot, workplace)
    text = settings_file().read_text()
    settings_file().write_text(f"{text}statoin = 3\n")
    for address in ("redis://:later@broker:6379/0", ""):
        write_line(row, address)
        wait(qtbot, workplace)
        assert "statoin" in row.problem.text()
        assert list(private_keyring.kept.values()) == ["earlier"]
    settings_file().write_text(text)
    row.reset.click()
    wait(qtbot, workplace)
    assert not private_keyring.kept
    assert not {"broker_url", "passwords_in_keyring"} & set(file_says())


def test_a_password_goes_to_no_other_host_than_the_one_it_was_entered_for(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace, private_keyring: MemoryKeyring
) -> None:
    row = row_of(screen, "broker_url")
    write_line(row, "redis://:pa55@broker:6379/0")
    wait(qtbot, workplace)
    write_line(row, "rediss://broker:6380/1")
    wait(qtbot, workplace)
    assert list(private_keyring.kept.values()) == ["pa55"]
    write_line(row, "redis://elsewhere:6379/0")
    wait(qtbot, workplace)
    assert not private_keyring.kept
    assert "passwords_in_keyring" not in file_says()
    assert row.state.word == "Saved without the earlier password"


def test_without_a_keyring_no_password_is_taken(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    text = settings_file().read_text()
    row = row_of(screen, "broker_url")
    write_line(row, "redis://:pa55@broker:6379/0")
    qtbot.waitUntil(lambda: bool(row.problem.text()))
    assert "secret" in row.problem.text()
    assert settings_file().read_text() == text


def test_a_target_is_added_tried_given_a_key_and_removed(
    qtbot: QtBot,
    screen: SettingsScreen,
    workplace: Workplace,
    private_keyring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen.open_page(PageId.STORAGE)
    block = screen.findChild(TargetsBlock)
    assert block is not None
    assert [target.name for target in block.targets] == ["local"]
    block.new.name.setText("two words")
    block.new.add.click()
    assert not block.new.problem.isHidden()
    block.new.name.setText("vault")
    block.new.url.setText("s3://bucket/bags")
    block.new.endpoint.setText("http://127.0.0.1:9")
    block.new.add.click()
    qtbot.waitUntil(lambda: [target.name for target in block.targets] == ["vault"])
    wait(qtbot, workplace)
    form = block.targets[0].keys
    assert form is not None
    form.access.setText("AKIA")
    form.save()
    assert not form.problem.isHidden()
    form.secret.setText("the secret")
    form.keep.click()
    wait(qtbot, workplace)
    assert workplace.settings.storage["vault"].credentials == "keyring"
    assert "the secret" in next(iter(private_keyring.kept.values()))
    assert "the secret" not in settings_file().read_text()
    assert (form.access.text(), form.secret.text()) == ("", "")
    test = block.targets[0].test
    with qtbot.waitSignal(test.ended, timeout=15_000) as ended:
        test.button.click()
    assert ended.args == [False]
    assert "127.0.0.1:9" in test.words.text()
    wait(qtbot, workplace)
    monkeypatch.setattr(TargetBlock, "confirm_removal", lambda *_: True)
    block.targets[0].remove()
    wait(qtbot, workplace)
    assert private_keyring.kept == {}
    assert [target.name for target in block.targets] == ["local"]


@pytest.mark.parametrize(
    ("page", "index", "words"),
    [(PageId.STATION, 0, "database"), (PageId.QUEUE, 0, "own broker"), (PageId.STORAGE, 0, "removed")],
)
def test_a_connection_that_works_says_what_was_proved(
    qtbot: QtBot, screen: SettingsScreen, page: PageId, index: int, words: str
) -> None:
    screen.open_page(page)
    test = screen.pages[page].findChildren(ConnectionTest)[index]
    with qtbot.waitSignal(test.ended, timeout=10_000) as ended:
        qtbot.mouseClick(test.button, Qt.MouseButton.LeftButton)
    assert ended.args == [True]
    assert words in test.words.text()
    assert test.state.word == "Works"


def test_what_is_tried_is_the_address_that_was_typed_last(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.open_page(PageId.QUEUE)
    row = row_of(screen, "broker_url")
    test = row.findChild(ConnectionTest)
    line = row.editor.findChild(QLineEdit)
    assert test is not None
    assert line is not None
    line.setFocus()
    qtbot.keyClicks(line, "redis://127.0.0.1:9/0")
    with qtbot.waitSignal(test.ended, timeout=10_000) as ended:
        qtbot.mouseClick(test.button, Qt.MouseButton.LeftButton)
    assert ended.args == [False]
    assert "127.0.0.1:9" in test.words.text()
    wait(qtbot, workplace)


def test_a_simulated_scanner_is_added_and_removed(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    screen.open_page(PageId.DEVICES)
    block = screen.findChild(SimulatedBlock)
    assert block is not None
    block.name.setText("practice")
    block.kind.setCurrentIndex(block.kind.findData("duplex"))
    block.sheets.setValue(40)
    block.button.click()
    wait(qtbot, workplace)
    assert block.names == ("flatbed", "feeder", "practice")
    added = workplace.settings.devices.simulated[2]
    assert (added.kind, added.sheets) == ("duplex", 40)
    block.name.setText("practice")
    block.button.click()
    wait(qtbot, workplace)
    assert "already" in block.problem.text()
    block.remove("practice")
    wait(qtbot, workplace)
    assert block.names == ("flatbed", "feeder")


def test_what_an_editor_changed_is_shown_when_the_screen_is_entered(
    qtbot: QtBot, screen: SettingsScreen, workplace: Workplace
) -> None:
    row = row_of(screen, "operator")
    text = settings_file().read_text()
    settings_file().write_text(text.replace("Test Operator", "Somebody else"))
    screen.entered({"page": "station"})
    qtbot.waitUntil(lambda: workplace.settings.operator == "Somebody else")
    line = row.editor.findChild(QLineEdit)
    assert line is not None
    assert line.text() == "Somebody else"
    settings_file().write_text("statoin = 3")
    with qtbot.waitSignal(workplace.failure_reported) as reported:
        screen.entered({})
    assert "did you mean station" in reported.args[0].failure["message"]
    assert workplace.settings.operator == "Somebody else"
    settings_file().write_text(text)
    with qtbot.waitSignal(workplace.failure_resolved):
        screen.entered({"search": "operator"})
    wait(qtbot, workplace)
    assert line.text() == "Test Operator"


def test_a_wheel_over_a_number_scrolls_the_page(qtbot: QtBot, workplace: Workplace) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    for name in ("ledger.max_attempts", "release.policy"):
        field = next(field for field in setting_fields() if field.name == name)
        editor = make_editor(field)
        qtbot.addWidget(editor)
        editor.show_value(field.value_in(SettingsSaving.of(workplace).settings))
        chosen: list[Any] = []
        editor.chosen.connect(chosen.append)
        control = editor.findChild(QSpinBox) or editor.findChild(QComboBox)
        assert control is not None
        wheel = QWheelEvent(
            QPointF(2, 2),
            QPointF(2, 2),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, wheel)
        assert chosen == []
