# SPDX-License-Identifier: Apache-2.0
"""How a page image leaves a scanner; knows nothing of Qt, Celery or the archive."""
