# SPDX-License-Identifier: Apache-2.0
"""The board: a screen of the desktop."""
