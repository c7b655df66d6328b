# SPDX-License-Identifier: Apache-2.0
"""Chain of custody in a bag: an item's events, a Merkle root over them, and a signature that binds both to the payload."""
