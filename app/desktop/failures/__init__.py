# SPDX-License-Identifier: Apache-2.0
"""Errors in the operator's words: a headline, what it means, what to do, and the words on the one button."""
