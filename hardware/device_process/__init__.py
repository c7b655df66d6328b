# SPDX-License-Identifier: Apache-2.0
"""One child process for each open device: drivers may hang and crash there, and are killed there.

`session` is the parent's side, `host` the child's; between them goes `channel`, JSON in both
directions. Pixels never cross it: the child writes them to the spool.
"""
