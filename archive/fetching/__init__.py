# SPDX-License-Identifier: Apache-2.0
"""Images that exist already: found in folders and on servers, described in a manifest, and brought here."""
