# SPDX-License-Identifier: Apache-2.0
"""What the actions of the capture workspace do, and when they can be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.desktop.capture.learn_key import LearnKeyDialog
from app.desktop.capture.pedal import PedalState
from app.desktop.capture.runs import Pace
from app.desktop.devices.actions import profile_action
from workers.scan_profiles import KEYS

if TYPE_CHECKING:
    from app.desktop.capture.screen import CaptureScreen

FAR = 1 << 30
"""A position behind the last page of any item."""


def bind_actions(screen: CaptureScreen) -> None:
    """Bind all actions of the workspace to its parts."""
    actions, place, pages, flow = screen.workplace.actions, screen.place, screen.pages, screen.flow
    loop = screen.loop
    viewer = screen.space.viewer

    def has_page() -> bool:
        return place.current is not None and _may_change(screen)

    def has_pages() -> bool:
        return bool(screen.desk.places)

    actions.bind("capture.scan", loop.capture, when=lambda: loop.is_open)
    actions.bind("capture.retake", loop.retake, when=lambda: loop.can_capture and has_page())
    actions.bind("capture.insert", loop.insert, when=lambda: loop.can_capture and has_page())
    actions.bind(
        "capture.done", loop.done, when=lambda: has_pages() and _may_change(screen) and _may_leave(screen)
    )
    actions.bind(
        "capture.stop", loop.stop, when=lambda: screen.runs.pace is not Pace.IDLE or screen.preview.is_open
    )
    actions.bind(
        "capture.preview",
        screen.preview.begin,
        when=lambda: screen.preview.is_possible and screen.runs.pace is Pace.IDLE,
    )
    for name, step in (("next", 1), ("previous", -1)):
        actions.bind(f"capture.{name}_page", partial(place.step, step), when=has_pages)
        actions.bind(f"capture.{name}_item", partial(flow.step, step), when=lambda: _may_leave(screen))
    actions.bind("capture.first_page", partial(place.go_to, 1), when=has_pages)
    actions.bind("capture.last_page", partial(place.go_to, FAR), when=has_pages)
    actions.bind("capture.missing", pages.mark_missing, when=lambda: _may_change(screen))
    actions.bind("capture.discard", pages.discard, when=has_page)
    actions.bind("capture.earlier", partial(pages.shift, -1), when=has_page)
    actions.bind("capture.later", partial(pages.shift, 1), when=has_page)
    actions.bind("capture.interleave", pages.interleave, when=has_page)
    actions.bind("capture.labels", pages.label, when=has_page)
    actions.bind("capture.take_in", pages.take_in, when=lambda: _may_change(screen))
    actions.bind("capture.rotate_left", partial(pages.rotate, 3), when=has_page)
    actions.bind("capture.rotate_right", partial(pages.rotate, 1), when=has_page)
    actions.bind("capture.fit", viewer.zoom_to_fit)
    for name, scale in (("full", 1.0), ("half", 0.5), ("quarter", 0.25)):
        actions.bind(f"capture.zoom_{name}", partial(viewer.zoom_to, scale))
    actions.bind("capture.panel", partial(_toggle_panel, screen))
    actions.bind("capture.choose_batch", screen.choose_batch, when=lambda: screen.runs.pace is Pace.IDLE)
    actions.bind("capture.choose_scanner", partial(_choose_scanner, screen))
    actions.bind("capture.arm", partial(_toggle_arm, screen), when=lambda: screen.pedal.key is not None)
    actions.bind("capture.learn_key", partial(_learn_key, screen))
    actions.bind("capture.sound", partial(_toggle_sound, screen))
    for key in KEYS:
        actions.bind(profile_action(key), partial(_use_profile_on, screen, key))


def _may_leave(screen: CaptureScreen) -> bool:
    """Whether another item may be opened: not while pages of this one arrive."""
    return screen.flow.item is not None and screen.runs.pace is Pace.IDLE and not screen.preview.is_open


def _may_change(screen: CaptureScreen) -> bool:
    state = screen.desk.state
    return state is not None and not state.handed_over


def _toggle_panel(screen: CaptureScreen) -> None:
    shown = not screen.space.panel.isVisible()
    screen.space.panel.setVisible(shown)
    screen.remember(panel=shown)


def _choose_scanner(screen: CaptureScreen) -> None:
    screen.space.panel.show()
    screen.space.panel.scanners.setFocus()
    screen.space.panel.scanners.showPopup()


def _toggle_arm(screen: CaptureScreen) -> None:
    armed = screen.pedal.state is PedalState.OFF
    screen.pedal.arm(armed)
    screen.remember(armed=armed)


def _learn_key(screen: CaptureScreen) -> None:
    key = LearnKeyDialog.ask(screen.workplace.actions, screen)
    if key is not None:
        screen.pedal.learn(key)
        screen.pedal.arm(True)
        screen.remember(pedal=key.to_text(), armed=True)
        screen.workplace.actions.refresh()


def _toggle_sound(screen: CaptureScreen) -> None:
    sound = not screen.memory.sound
    screen.remember(sound=sound)
    words = screen.tr("A sound tells of each page") if sound else screen.tr("Pages come without a sound")
    screen.workplace.say(words)


def _use_profile_on(screen: CaptureScreen, key: str) -> None:
    profile = screen.scanner.profiles.on_key(key, screen.scanner.info)
    if profile is None:
        screen.workplace.say(screen.tr("No scan profile is on {key}").format(key=key))
        return
    screen.workplace.say(screen.tr("Scan profile {name}").format(name=profile.name))
    # after it: where the manifest wins, that is what the operator must know
    screen.scanner.use_profile(profile)
