# SPDX-License-Identifier: Apache-2.0
"""Batches whose processes are killed, stopped and started at random, and the proof that they end whole."""
