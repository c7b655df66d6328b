# SPDX-License-Identifier: Apache-2.0
"""What a digitised batch is and how it becomes a proved bag; knows nothing of Qt, Celery or scanners."""
