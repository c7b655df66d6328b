# SPDX-License-Identifier: Apache-2.0
"""Page images: masters, accessioned files, derivatives, technical metadata, quality checks."""
