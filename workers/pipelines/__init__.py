# SPDX-License-Identifier: Apache-2.0
"""Pipelines as files: read with all their problems, compiled for the ledger, and drawn."""
