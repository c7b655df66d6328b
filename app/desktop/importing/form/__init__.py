# SPDX-License-Identifier: Apache-2.0
"""The manifest form: a batch described without a spreadsheet."""
