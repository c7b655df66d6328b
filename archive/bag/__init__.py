# SPDX-License-Identifier: Apache-2.0
"""Bags: profiles, the streaming writer of folders and tars, and the validator (BagIt, RFC 8493)."""
