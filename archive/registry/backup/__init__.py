# SPDX-License-Identifier: Apache-2.0
"""Backups of the registry: copies of one moment, checked, in files that describe themselves, and restored again."""
