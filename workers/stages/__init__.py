# SPDX-License-Identifier: Apache-2.0
"""The stages that come with Recto: each a function from the work at hand to its result, or to why it is held."""
