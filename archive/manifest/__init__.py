# SPDX-License-Identifier: Apache-2.0
"""Manifests: the model of a batch, its readers, and problems with the addresses of cells."""
