# SPDX-License-Identifier: Apache-2.0
"""Quality: a screen of the desktop."""
