INSERT INTO cell_mark (sender, month, change) VALUES ($1, '*', 1) ON CONFLICT (sender, month) DO NOTHING
