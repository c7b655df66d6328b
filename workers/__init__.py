# SPDX-License-Identifier: Apache-2.0
"""Celery queues, stages, chords and schedules: how work is carried from stage to stage."""
