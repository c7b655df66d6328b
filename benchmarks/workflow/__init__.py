# SPDX-License-Identifier: Apache-2.0
"""The same graph of tasks as Celery's own canvas, as celery-dyrygent's workflow, and on Recto's ledger."""
