# SPDX-License-Identifier: Apache-2.0
"""The desktop: the operator's place at a scanning station, with one package for each screen."""
