# SPDX-License-Identifier: Apache-2.0
"""Bags that arrive: found, read, kept in several copies, watched over, given back."""
