# SPDX-License-Identifier: Apache-2.0
"""What a process of a site does besides its units: tell that it is there, fit to the others, stop well, give figures."""
