"""Which training helps a model most under the same judgments: every objective and preset, beside placebos that share its cost."""
