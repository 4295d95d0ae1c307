"""What Ofsted's lists say when they are read together: inspections, ungraded visits, contradictions."""
