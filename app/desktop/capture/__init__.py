# SPDX-License-Identifier: Apache-2.0
"""The capture workspace, where the shift is spent: place, capture, glance, next."""
