# SPDX-License-Identifier: Apache-2.0
"""Text from page images: OCR, ALTO, searchable PDF/A, and suggestions drawn from the text."""
