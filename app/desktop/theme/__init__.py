# SPDX-License-Identifier: Apache-2.0
"""How the desktop looks: colours by role, icons, light and dark."""
