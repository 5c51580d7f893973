"""Pages of 瓯来拍: what everybody sees, what bidders do, what organisers and finance staff do."""
