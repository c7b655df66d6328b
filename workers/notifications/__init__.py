# SPDX-License-Identifier: Apache-2.0
"""Telling people: messages made of what happened, sent to the targets of the settings, late rather than never or twice."""
