# SPDX-License-Identifier: Apache-2.0
"""How page files come to workers on other hosts and go from them, where there is no folder that all hosts share."""
