# SPDX-License-Identifier: Apache-2.0
"""Measurements of a page that a person would make by eye: is it straight, sharp, clean, evenly lit, and new."""
