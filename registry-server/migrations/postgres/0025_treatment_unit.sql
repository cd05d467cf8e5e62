-- A unit's reader is told when its own treatments came.

CREATE INDEX treatment_unit ON treatment (unit, first_received);
