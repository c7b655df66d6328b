# SPDX-License-Identifier: Apache-2.0
"""One run of the desktop: one instance a station, its window, its sleep, its stalls and its crashes."""
