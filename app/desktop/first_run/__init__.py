# SPDX-License-Identifier: Apache-2.0
"""The first run: five steps from an empty station to a captured item, each of which may be skipped."""
