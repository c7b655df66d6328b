# SPDX-License-Identifier: Apache-2.0
"""The screen of stations and devices, and the devices themselves for every other screen."""
