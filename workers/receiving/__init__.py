# SPDX-License-Identifier: Apache-2.0
"""The receiving side at work: the bucket reader, the stages of an ingest, audits, notifications."""
