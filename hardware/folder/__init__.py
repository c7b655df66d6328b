# SPDX-License-Identifier: Apache-2.0
"""Hot folders: the files of other capture software as pages."""
