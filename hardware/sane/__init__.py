# SPDX-License-Identifier: Apache-2.0
"""SANE devices: a ctypes binding of libsane and the driver on it; the only place that knows libsane."""
