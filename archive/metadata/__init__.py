# SPDX-License-Identifier: Apache-2.0
"""METS, PREMIS, MIX, Dublin Core and page facts, written from one description of an item."""
