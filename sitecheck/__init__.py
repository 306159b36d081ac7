"""What is measured and checked of the built site: weight, first visits, links, the audit."""
