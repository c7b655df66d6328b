# SPDX-License-Identifier: Apache-2.0
"""Settings: a screen of the desktop."""
