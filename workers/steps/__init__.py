# SPDX-License-Identifier: Apache-2.0
"""Steps: what stages of a pipeline do, those that come with Recto and those of a site's own."""
