# SPDX-License-Identifier: Apache-2.0
"""Thumbnails of pages: the model of plain rows, the loader, and the strip that shows them."""
