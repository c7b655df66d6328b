# SPDX-License-Identifier: Apache-2.0
"""Providers of suggestions that a site adds: what they are asked, what they may answer, and who consented."""
