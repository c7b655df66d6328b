# SPDX-License-Identifier: Apache-2.0
"""Batch import: a screen of the desktop."""
