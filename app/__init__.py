# SPDX-License-Identifier: Apache-2.0
"""The desktop and the `recto` command: what an operator sees and types."""
