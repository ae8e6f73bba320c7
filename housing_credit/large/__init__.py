"""An installation filled with many invented households in all stages, so that its pages can be measured."""
