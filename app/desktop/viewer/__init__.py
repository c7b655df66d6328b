# SPDX-License-Identifier: Apache-2.0
"""Page images on screen: the viewer, its tiles, and the process that makes viewing copies."""
