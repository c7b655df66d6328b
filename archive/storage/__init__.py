# SPDX-License-Identifier: Apache-2.0
"""Storage targets: where bags go, how an upload resumes, and how the stored bytes are proved."""
