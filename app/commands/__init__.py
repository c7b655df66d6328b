# SPDX-License-Identifier: Apache-2.0
"""The commands of `recto`, one module a family."""
