# SPDX-License-Identifier: Apache-2.0
"""Actions: each one record, from which menus, palette, tooltips and the cheat sheet are made."""
