# SPDX-License-Identifier: Apache-2.0
"""Colour targets: what a scanner makes of a sheet whose colours, edges and lengths are known."""
