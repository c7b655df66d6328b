# SPDX-License-Identifier: Apache-2.0
"""The language of the desktop: marking, choosing and installing translations."""
