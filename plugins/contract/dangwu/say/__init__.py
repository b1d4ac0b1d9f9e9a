"""Everything said in Chinese: titles, explanations, forms."""
